package dev.octet.workflow.calibrate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octet.api.error.OctetException;
import dev.octet.api.observer.Range;
import dev.octet.api.quantizer.Finding;
import dev.octet.api.spec.Granularity;
import dev.octet.api.spec.ObserverSpec;
import dev.octet.api.tree.Tree;
import dev.octet.protobuf.ByteString;
import dev.octet.workflow.calibrate.proto.CalibrationProto;
import dev.octet.workflow.data.SampleRange;
import dev.octet.workflow.digest.ContentHash;
import dev.octet.workflow.provenance.BackendBuild;
import dev.octet.workflow.provenance.Maker;
import dev.octet.workflow.provenance.OctetBuild;
import dev.octet.workflow.provenance.RuntimeBuild;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrationTest {

  private static final Observers OBSERVERS = Observers.standard();

  @TempDir Path folder;

  @Test
  void readsBackWhatItWrote() {
    for (long seed = 1; seed <= 10; seed++) {
      Calibration calibration = all(Streams.wild(new Random(seed), 200), 3);
      Path file = folder.resolve("x.calib");
      calibration.write(file);
      Calibration read = Calibration.read(file);
      assertEquals(calibration, read, "seed " + seed);
      assertEquals(calibration.contentHash(), read.contentHash());
      assertArrayEquals(CalibrationFile.toBytes(calibration), CalibrationFile.toBytes(read));
    }
  }

  @Test
  void aStreamHasTheBytesOfTheFile() throws IOException {
    Calibration calibration = all(new float[] {1, 2}, 1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    calibration.write(out);
    assertArrayEquals(CalibrationFile.toBytes(calibration), out.toByteArray());
    ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
    assertEquals(calibration, Calibration.read(in, "store", Observers.standard()));
    ByteArrayInputStream cut = new ByteArrayInputStream(out.toByteArray(), 0, out.size() - 1);
    OctetException e =
        assertThrows(
            OctetException.class, () -> Calibration.read(cut, "row 7", Observers.standard()));
    assertEquals("OCT-CAL-008", e.id());
    assertEquals("row 7", e.place().orElseThrow());
  }

  @Test
  void leavesNoOtherFileBehindAndReplacesAnOldOne() throws IOException {
    Path file = folder.resolve("x.calib");
    all(new float[] {1, 2}, 1).write(file);
    Calibration other = all(new float[] {3, 4}, 2);
    other.write(file);
    assertEquals(other, Calibration.read(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void keepsSpecsWithEveryDetail() {
    ObservedGroup group =
        Groups.of(ObserverSpec.percentile(99.5), new Granularity.PerChannel(0), "x");
    TensorCollector collector = Groups.collector(group);
    collector.add(0, new float[] {1, 2, 3, 4}, 4, new long[] {2, 2}, 1);
    Calibration calibration =
        new Calibration("m", SeenSamples.unknown(1), List.of(Groups.statistics(group, collector)));
    Calibration read =
        CalibrationFile.fromBytes(CalibrationFile.toBytes(calibration), Observers.standard(), "x");
    assertEquals(group, read.groups().get(0).group());
    assertEquals(2, read.groups().get(0).channels().size());
  }

  @Test
  void shardsInAnyOrderMergeToTheBytesOfOnePass() {
    for (long seed = 1; seed <= 15; seed++) {
      Random random = new Random(seed);
      float[] values = Streams.wild(random, 400);
      byte[] once = CalibrationFile.toBytes(all(values, values.length));
      for (int shards : new int[] {2, 3, 7}) {
        List<Calibration> parts = new ArrayList<>();
        for (float[] shard : Streams.shards(random, values, shards)) {
          parts.add(all(shard, shard.length));
        }
        for (int order = 0; order < 4; order++) {
          Collections.shuffle(parts, random);
          assertArrayEquals(
              once,
              CalibrationFile.toBytes(Calibration.merge(parts)),
              "seed " + seed + ", " + shards + " shards");
        }
      }
    }
  }

  @Test
  void hasTheSameBytesWhateverTheOrderOfGroups() {
    List<GroupStatistics> groups = new ArrayList<>(all(new float[] {1, 2, 3}, 3).groups());
    byte[] sorted =
        CalibrationFile.toBytes(new Calibration("model", SeenSamples.unknown(3), groups));
    Collections.reverse(groups);
    assertArrayEquals(
        sorted, CalibrationFile.toBytes(new Calibration("model", SeenSamples.unknown(3), groups)));
  }

  @Test
  void refusesToMergeWhatDoesNotBelongTogether() {
    GroupStatistics group = Groups.statistics(Groups.of(ObserverSpec.minMax(), "x"), 1f);
    GroupStatistics other = Groups.statistics(Groups.of(ObserverSpec.entropy(), "x"), 1f);
    Calibration calibration = new Calibration("m", SeenSamples.unknown(1), List.of(group));
    for (Calibration alien :
        List.of(
            new Calibration("n", SeenSamples.unknown(1), List.of(group)),
            new Calibration("m", SeenSamples.unknown(1), List.of(other)),
            new Calibration("m", SeenSamples.unknown(1), List.of()))) {
      OctetException e =
          assertThrows(OctetException.class, () -> Calibration.merge(List.of(calibration, alien)));
      assertEquals("OCT-CAL-007", e.id());
    }
    assertEquals(
        "OCT-CAL-015", assertThrows(OctetException.class, () -> Calibration.merge(List.of())).id());
  }

  @Test
  void refusesToCountASampleTwice() {
    GroupStatistics group = Groups.statistics(Groups.of(ObserverSpec.minMax(), "x"), 1f);
    Calibration first = part(group, 0, 5);
    assertEquals(
        part(group, 0, 10).seen(), Calibration.merge(List.of(part(group, 5, 5), first)).seen());
    for (Calibration again : List.of(first, part(group, 4, 3))) {
      OctetException e =
          assertThrows(
              OctetException.class,
              () -> Calibration.merge(List.of(part(group, 7, 2), first, again)));
      assertEquals("OCT-CAL-021", e.id());
      assertTrue(e.fact().contains("sample"), e.fact());
    }
  }

  @Test
  void refusesCountsThatTogetherLeave64Bits() {
    Calibration most = new Calibration("m", SeenSamples.unknown(Long.MAX_VALUE), List.of());
    Calibration one = new Calibration("m", SeenSamples.unknown(1), List.of());
    assertEquals(Long.MAX_VALUE, Calibration.merge(List.of(most)).seen().count());
    OctetException e =
        assertThrows(OctetException.class, () -> Calibration.merge(List.of(one, most)));
    assertEquals("OCT-CAL-032", e.id());
    assertTrue(e.getMessage().contains("leaves 64 bits"), e.getMessage());
  }

  private static Calibration part(GroupStatistics group, int first, int count) {
    SampleRange range = new SampleRange("0f", first, count);
    return new Calibration("m", SeenSamples.of(range), List.of(group));
  }

  @Test
  void keepsWhichSamplesItSaw() {
    GroupStatistics group = Groups.statistics(Groups.of(ObserverSpec.minMax(), "x"), 1f);
    Calibration calibration =
        Calibration.merge(
            List.of(
                part(group, 9, 2),
                part(group, 0, 5),
                new Calibration("m", SeenSamples.unknown(4), List.of(group))));
    byte[] bytes = CalibrationFile.toBytes(calibration);
    Calibration read = CalibrationFile.fromBytes(bytes, OBSERVERS, "x");
    assertEquals(calibration, read);
    assertEquals(11, read.samples());
    assertArrayEquals(bytes, CalibrationFile.toBytes(read));
  }

  /** Returns a file of version 4, which has what was seen of each group, and no tensors. */
  private static CalibrationProto.File fourth(Calibration calibration) throws IOException {
    CalibrationProto.Body.Builder body = CalibrationMessages.toGroups(calibration).toBuilder();
    for (int i = 0; i < body.getGroupsCount(); i++) {
      body.getGroupsBuilder(i).setId(i);
    }
    ByteString content = body.setPlanHash("plan").build().toByteString();
    return CalibrationProto.File.parseFrom(CalibrationFile.toBytes(calibration)).toBuilder()
        .setVersion(4)
        .setBody(content)
        .setSha256(ByteString.copyFrom(ContentHash.of(content.toByteArray())))
        .build();
  }

  /** Returns a file of version 3, which knows the backend's builds alone. */
  private static CalibrationProto.File third(Calibration calibration) throws IOException {
    CalibrationProto.Makers.Builder makers = CalibrationProto.Makers.newBuilder();
    for (BackendBuild build : calibration.builds()) {
      makers.addBuilds(
          CalibrationProto.Build.newBuilder()
              .setVersion(build.version().orElseThrow())
              .setSha256(build.sha256().orElseThrow()));
    }
    ByteString message = makers.build().toByteString();
    return fourth(calibration).toBuilder()
        .setVersion(3)
        .setMakers(message)
        .setMakersSha256(ByteString.copyFrom(ContentHash.of(message.toByteArray())))
        .build();
  }

  @Test
  void readsFilesOfTheVersionsBefore() throws IOException {
    Calibration calibration = all(new float[] {1, 2}, 2);
    Calibration read = CalibrationFile.fromBytes(fourth(calibration).toByteArray(), OBSERVERS, "x");
    assertEquals(calibration, read);
    assertEquals(calibration.groupsHash(), read.groupsHash());
    Calibration older = CalibrationFile.fromBytes(third(calibration).toByteArray(), OBSERVERS, "x");
    BackendBuild build = new BackendBuild(Optional.of("1"), Optional.of("ab"));
    assertEquals(calibration.madeBy(List.of(Maker.ofBackend(build))), older);
  }

  @Test
  void refusesStatisticsOfAnotherKindThanTheObservers() throws IOException {
    CalibrationProto.File file = fourth(all(new float[] {1, 2}, 2));
    CalibrationProto.Body body = CalibrationProto.Body.parseFrom(file.getBody());
    for (int i = 0; i < body.getGroupsCount(); i++) {
      CalibrationProto.Body.Builder forged = body.toBuilder();
      CalibrationProto.Channel.Builder channel = forged.getGroupsBuilder(i).getChannelsBuilder(0);
      String word = channel.hasBins() ? "lacks" : "has";
      channel.setBins(CalibrationProto.Bins.newBuilder());
      if (word.equals("lacks")) {
        channel.clearBins();
      }
      ByteString content = forged.build().toByteString();
      byte[] bytes =
          file.toBuilder()
              .setBody(content)
              .setSha256(ByteString.copyFrom(ContentHash.of(content.toByteArray())))
              .build()
              .toByteArray();
      OctetException e =
          assertThrows(
              OctetException.class, () -> CalibrationFile.fromBytes(bytes, OBSERVERS, "x"));
      assertEquals("OCT-CAL-008", e.id());
      assertTrue(e.fact().endsWith(word + " the bins of a histogram"), e.fact());
    }
  }

  @Test
  void refusesVersionsThatAreTooOldOrTooNew() throws IOException {
    CalibrationProto.File file = third(all(new float[] {1, 2}, 2));
    Map<Integer, String> refusals =
        Map.of(0, "OCT-CAL-008", 1, "OCT-CAL-029", 2, "OCT-CAL-029", 6, "OCT-CAL-023");
    refusals.forEach(
        (version, id) -> {
          byte[] bytes = file.toBuilder().setVersion(version).build().toByteArray();
          OctetException e =
              assertThrows(
                  OctetException.class, () -> CalibrationFile.fromBytes(bytes, OBSERVERS, "x"));
          assertEquals(id, e.id());
        });
  }

  @Test
  void keepsFieldsThatAreSomebodyElses() {
    Tree.Mapping extras =
        Tree.of(Map.of("x-acme", Tree.of(List.of(Tree.of(1L), Tree.of("two"))), "x-", Tree.of(3L)));
    Calibration with = all(new float[] {1, 2}, 2).withExtras(extras);
    byte[] bytes = CalibrationFile.toBytes(with);
    Calibration read = CalibrationFile.fromBytes(bytes, OBSERVERS, "x");
    assertEquals(with, read);
    assertEquals(extras, read.extras());
    assertArrayEquals(bytes, CalibrationFile.toBytes(read));
    assertEquals(all(new float[] {1, 2}, 2).contentHash(), read.contentHash());
    Calibration other = with.withExtras(Tree.of(Map.of("x-", Tree.of(3L), "x-b", Tree.of(4L))));
    Tree.Mapping alike = Tree.of(Map.of("x-", Tree.of(3L)));
    assertEquals(alike, Calibration.merge(List.of(with, other)).extras());
    assertEquals(alike, Calibration.merge(List.of(other, with)).extras());
  }

  @Test
  void theHashOfSomeGroupsCountsNoOther() {
    GroupStatistics a = Groups.statistics(Groups.of(ObserverSpec.minMax(), "a"), 1f, 2f);
    GroupStatistics b = Groups.statistics(Groups.of(ObserverSpec.minMax(), "b"), 3f);
    GroupStatistics other = Groups.statistics(Groups.of(ObserverSpec.minMax(), "a"), 1f, 3f);
    String hash = of(a).groupsHash();
    assertEquals(hash, of(a, b).restrictedTo(List.of(a.group()), OBSERVERS).groupsHash());
    assertNotEquals(hash, of(a, b).groupsHash());
    assertNotEquals(hash, of(other).groupsHash());
    assertEquals(of(a, b).groupsHash(), of(b, a).groupsHash());
  }

  private static Calibration of(GroupStatistics... groups) {
    return new Calibration("m", SeenSamples.unknown(1), List.of(groups));
  }

  @Test
  void refusesToMergeDifferentNumbersOfChannels() {
    ObservedGroup group = Groups.of(ObserverSpec.minMax(), new Granularity.PerChannel(0), "x");
    TensorCollector two = Groups.collector(group);
    two.add(0, new float[6], 6, new long[] {2, 3}, 1);
    TensorCollector three = Groups.collector(group);
    three.add(0, new float[6], 6, new long[] {3, 2}, 1);
    Calibration a =
        new Calibration("m", SeenSamples.unknown(1), List.of(Groups.statistics(group, two)));
    Calibration b =
        new Calibration("m", SeenSamples.unknown(1), List.of(Groups.statistics(group, three)));
    OctetException e = assertThrows(OctetException.class, () -> Calibration.merge(List.of(a, b)));
    assertEquals("OCT-CAL-007", e.id());
  }

  @Test
  void refusesAFileCutAnywhere() throws IOException {
    byte[] bytes = CalibrationFile.toBytes(all(new float[] {1, -2, 0, 3}, 4));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      OctetException e =
          assertThrows(
              OctetException.class,
              () -> CalibrationFile.fromBytes(cut, Observers.standard(), "cut"),
              "at " + length);
      assertTrue(List.of("OCT-CAL-008", "OCT-CAL-009").contains(e.id()), e.getMessage());
    }
  }

  @Test
  void refusesAFileWithAnyByteChanged() {
    byte[] bytes = CalibrationFile.toBytes(all(new float[] {1, -2, 0, 3}, 4));
    for (int at = 0; at < bytes.length; at++) {
      for (int mask : new int[] {1, 0x80, 0xff}) {
        byte[] changed = bytes.clone();
        changed[at] ^= (byte) mask;
        OctetException e =
            assertThrows(
                OctetException.class,
                () -> CalibrationFile.fromBytes(changed, Observers.standard(), "x"),
                "at " + at);
        assertTrue(
            List.of("OCT-CAL-008", "OCT-CAL-009", "OCT-CAL-023").contains(e.id()), e.getMessage());
      }
    }
  }

  @Test
  void refusesTwoFilesInARow() {
    byte[] bytes = CalibrationFile.toBytes(all(new float[] {1}, 1));
    byte[] twice = Arrays.copyOf(bytes, 2 * bytes.length);
    System.arraycopy(bytes, 0, twice, bytes.length, bytes.length);
    OctetException e =
        assertThrows(
            OctetException.class,
            () -> CalibrationFile.fromBytes(twice, Observers.standard(), "x"));
    assertEquals("OCT-CAL-008", e.id());
  }

  @Test
  void namesTheFileThatIsNoCalibration() throws IOException {
    Path file = folder.resolve("plan.json");
    Files.writeString(file, "{}", StandardCharsets.UTF_8);
    OctetException e = assertThrows(OctetException.class, () -> Calibration.read(file));
    assertTrue(e.getMessage().contains("plan.json"), e.getMessage());
    OctetException absent =
        assertThrows(OctetException.class, () -> Calibration.read(folder.resolve("none")));
    assertEquals("OCT-FILE-001", absent.id());
    OctetException place =
        assertThrows(
            OctetException.class,
            () -> all(new float[] {1}, 1).write(folder.resolve("none").resolve("x.calib")));
    assertEquals("OCT-CAL-013", place.id());
  }

  @Test
  void changesItsHashWithEveryPart() {
    Calibration calibration = all(new float[] {1, 2}, 2);
    String hash = calibration.contentHash();
    assertEquals(64, hash.length());
    assertEquals(hash, all(new float[] {2, 1}, 2).contentHash());
    assertNotEquals(hash, all(new float[] {1, 2}, 3).contentHash());
    assertNotEquals(hash, all(new float[] {1, 3}, 2).contentHash());
    assertNotEquals(
        hash, new Calibration("m", SeenSamples.unknown(2), calibration.groups()).contentHash());
  }

  @Test
  void namesTheValuesThatNoSampleReached() {
    ObservedGroup half = Groups.of(ObserverSpec.minMax(), "seen", "lost");
    TensorCollector collector = Groups.collector(half);
    collector.add(0, new float[] {1}, 1, new long[] {1}, 1);
    ObservedGroup gone = Groups.of(ObserverSpec.entropy(), "gone");
    TensorCollector none = Groups.collector(gone);
    Calibration calibration =
        new Calibration(
            "m",
            SeenSamples.unknown(1),
            List.of(Groups.statistics(half, collector), Groups.statistics(gone, none)));
    OctetException e = assertThrows(OctetException.class, () -> calibration.ranges(OBSERVERS));
    assertEquals("OCT-CAL-003", e.id());
    assertTrue(e.fact().contains("'gone', 'lost'"), e.fact());
    assertFalse(e.fact().contains("seen"), e.fact());
  }

  @Test
  void namesTheValueThatWasNeverFinite() {
    GroupStatistics group =
        Groups.statistics(
            Groups.of(ObserverSpec.minMax(), "logits"), Float.NaN, Float.POSITIVE_INFINITY);
    Calibration calibration = new Calibration("m", SeenSamples.unknown(1), List.of(group));
    OctetException e = assertThrows(OctetException.class, () -> calibration.ranges(OBSERVERS));
    assertEquals("OCT-CAL-004", e.id());
    assertTrue(e.fact().contains("'logits'"), e.fact());
  }

  @Test
  void reportsHowManyValuesWereLeftOut() {
    GroupStatistics group =
        Groups.statistics(
            Groups.of(ObserverSpec.entropy(), "x"), 1f, Float.NaN, Float.NEGATIVE_INFINITY);
    Calibration calibration = new Calibration("m", SeenSamples.unknown(2), List.of(group));
    assertEquals(1, calibration.findings().size());
    assertEquals("OCT-CAL-012", calibration.findings().get(0).id());
    assertTrue(calibration.findings().get(0).message().contains("1 NaN and 1 infinite"));
    assertTrue(all(new float[] {1}, 2).findings().isEmpty());
  }

  @Test
  void findsThatOneSampleGaveAllRanges() {
    Finding found = all(new float[] {1}, 1).findings().get(0);
    assertEquals("OCT-CAL-101", found.id());
    assertTrue(found.message().contains("groups come from one sample"), found.message());
    Calibration nothing = new Calibration("m", SeenSamples.unknown(1), List.of());
    assertEquals(List.of(), nothing.findings());
  }

  @Test
  void findsTensorsThatWereZeroEverywhere() {
    GroupStatistics zero =
        Groups.statistics(Groups.of(ObserverSpec.entropy(), "in"), 0f, -0f, Float.NaN);
    GroupStatistics other = Groups.statistics(Groups.of(ObserverSpec.minMax(), "h"), 0f, 1f);
    GroupStatistics never = Groups.statistics(Groups.of(ObserverSpec.minMax(), "odd"), Float.NaN);
    Calibration calibration =
        new Calibration("m", SeenSamples.unknown(2), List.of(zero, other, never));
    Finding found = calibration.findings().get(0);
    assertEquals("OCT-CAL-102", found.id());
    assertTrue(
        found.message().startsWith("1 of 3 groups were zero everywhere: 'in'. "), found.message());
    List<GroupStatistics> many = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      many.add(Groups.statistics(Groups.of(ObserverSpec.minMax(), "v" + i), 0f));
    }
    String all = new Calibration("m", SeenSamples.unknown(2), many).findings().get(0).message();
    assertTrue(all.contains("'v3', 'v4' and 2 more. Look"), all);
  }

  @Test
  void givesTheObservedRangeOfMinMaxChannels() {
    ObservedGroup group = Groups.of(ObserverSpec.minMax(), new Granularity.PerChannel(1), "x");
    TensorCollector collector = Groups.collector(group);
    collector.add(0, new float[] {1, -2, 3, 4}, 4, new long[] {2, 2}, 1);
    Calibration calibration =
        new Calibration("m", SeenSamples.unknown(2), List.of(Groups.statistics(group, collector)));
    assertEquals(List.of(new Range(1, 3), new Range(-2, 4)), calibration.ranges(OBSERVERS).get(0));
  }

  @Test
  void refusesAnotherModel() {
    Calibration calibration = all(new float[] {1}, 1);
    calibration.requireFor("model");
    OctetException e = assertThrows(OctetException.class, () -> calibration.requireFor("m"));
    assertEquals("OCT-CAL-016", e.id());
    assertTrue(e.fact().contains("another model: model, not m"), e.fact());
  }

  @Test
  void showsParametersInTheWordsOfThePlan() {
    GroupStatistics seen = Groups.statistics(Groups.of(ObserverSpec.minMax(), "x"), -1f, 0.5f, 2f);
    GroupStatistics unseen = Groups.statistics(Groups.of(ObserverSpec.minMax(), "y"), Float.NaN);
    Tree.Mapping tree =
        new Calibration("m", SeenSamples.unknown(1), List.of(seen, unseen)).toTree(OBSERVERS);
    Tree.Mapping parameters = tree.get("parameters").asMapping().get("x").asMapping();
    assertEquals(Tree.of(List.of(Tree.of(-1f))), parameters.get("observedMin"));
    assertEquals(Tree.of(List.of(Tree.of(2f))), parameters.get("observedMax"));
    assertEquals(Tree.of(List.of(Tree.of(0.011764706f))), parameters.get("scale"));
    assertEquals(Tree.of(List.of(Tree.of(-43L))), parameters.get("zeroPoint"));
    assertTrue(tree.get("parameters").asMapping().get("y").asMapping().entries().isEmpty());
    assertEquals(2, tree.get("groups").asItems().size());
    assertEquals(Tree.of(1L), tree.get("samples"));
  }

  /** Returns a calibration with one group for each kind of observer, which saw the values. */
  private static Calibration all(float[] values, int samples) {
    List<GroupStatistics> groups = new ArrayList<>();
    for (ObserverSpec spec : ObserverTest.ALL) {
      groups.add(Groups.statistics(Groups.of(spec, "v" + groups.size()), values));
    }
    return new Calibration("model", SeenSamples.unknown(samples), groups)
        .madeBy(maker("1", Optional.of("ab")));
  }

  private static Maker maker(String version, Optional<String> sha256) {
    BackendBuild backend = new BackendBuild(Optional.of(version), sha256);
    return new Maker(OctetBuild.current(), backend, Optional.of(RuntimeBuild.octets()));
  }

  private static Calibration ranOn(RuntimeBuild runtime) {
    BackendBuild backend = new BackendBuild(Optional.of("1"), Optional.empty());
    return all(new float[] {1, 2}, 1)
        .madeBy(new Maker(OctetBuild.current(), backend, Optional.of(runtime)));
  }

  @Test
  void itsFileNamesWhatRanTheModel(@TempDir Path folder) {
    RuntimeBuild runtime =
        new RuntimeBuild("acme", Optional.of("1.2"), new TreeMap<>(Map.of("mode", "a=b")));
    Path file = folder.resolve("x.calib");
    ranOn(runtime).write(file);
    assertEquals(runtime, Calibration.read(file).runtime());
    assertEquals("acme 1.2 (mode=a=b)", runtime.toString());
    assertEquals(
        RuntimeBuild.octets(),
        all(new float[] {1}, 1).madeBy(List.of()).runtime(),
        "one that does not say");
  }

  @Test
  void thoseOfUnlikeRuntimesDoNotMerge() {
    TreeMap<String, String> none = new TreeMap<>();
    RuntimeBuild first = new RuntimeBuild("acme", Optional.of("1.2"), none);
    RuntimeBuild later = new RuntimeBuild("acme", Optional.of("1.3"), none);
    RuntimeBuild otherwise =
        new RuntimeBuild("acme", Optional.of("1.2"), new TreeMap<>(Map.of("mode", "b")));
    for (RuntimeBuild other : List.of(RuntimeBuild.octets(), later, otherwise)) {
      OctetException e =
          assertThrows(
              OctetException.class, () -> Calibration.merge(List.of(ranOn(first), ranOn(other))));
      assertEquals("OCT-CAL-031", e.id());
      assertEquals("One calibration was made on acme 1.2, another on " + other, e.fact());
    }
    assertEquals(first, Calibration.merge(List.of(ranOn(first), ranOn(first))).runtime());
  }

  @Test
  void itsContentHashDoesNotCountWhichBuildsMadeIt() {
    Calibration calibration = all(new float[] {1, 2}, 1);
    Calibration unknown = new Calibration("model", SeenSamples.unknown(1), calibration.groups());
    assertEquals(unknown.contentHash(), calibration.contentHash());
    assertNotEquals(unknown, calibration);
    byte[] bytes = CalibrationFile.toBytes(unknown);
    assertEquals(Set.of(), CalibrationFile.fromBytes(bytes, OBSERVERS, "x").makers());
  }

  @Test
  void theSumOfPartsNamesTheBuildsOfAll() {
    Maker first = maker("1", Optional.of("ab"));
    Maker second = maker("1", Optional.empty());
    Calibration a = all(new float[] {1, 2}, 1);
    Calibration b = all(new float[] {3}, 1).madeBy(List.of(second));
    Calibration sum = Calibration.merge(List.of(a, b, a));
    assertEquals(List.of(second, first), List.copyOf(sum.makers()));
    assertEquals(sum, Calibration.merge(List.of(b, a, a)));
    byte[] bytes = CalibrationFile.toBytes(sum);
    assertEquals(sum, CalibrationFile.fromBytes(bytes, OBSERVERS, "x"));
  }
}
