package dev.octet.annotation.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octet.api.error.OctetException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmptyWaysTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '"',
      value = {
        "a 1",
        "a* 1",
        "a+ 1",
        "a{0} 1",
        "a{2,3} 1",
        "a|b|c 1",
        "(a|b)?(cd)*(e|) 1",
        "(|)\\z(|)a(|) 8",
        "((|)a|b)? 3",
        "a|| 2",
        "(|) 2",
        "(|)(|) 4",
        "(|)a(|) 4",
        "(?:|)(?:)? 4",
        "()?()*(){3}()+? 16",
        "(?=|)(?!|)(?<=|)(?<!|)(?>|) 32",
        "(?<name>|)\\k<name> 2",
        "(?i)(?-i)(|) 2",
        "(?i:|) 2",
        "(.*)* 5",
        "((.*)+)* 25",
        "(a?){2} 5",
        "(a|)* 5",
        "(a*)? 2",
        "(a*b)* 1",
        "^|$|\\A|\\z|\\b{g} 5",
        "\\(|\\||\\[|\\p{L}|\\x{61}|. 1",
        "\\Q(|)\\E 1",
        "\\Q\\E|\\Qa\\E? 2",
        "[(|)]|[]|]|[^]|]|[a[|]]|[\\]|]|[\\Q]|\\E|] 1",
        "(?x)a|b 2"
      })
  void countsTheWaysThatReadNothing(String regex, long ways) {
    assertEquals(ways, EmptyWays.of(regex));
    new ModuleRegexMatch(regex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(|)",
        "(?:)?",
        "()?",
        "(?:^|^)",
        "(?:a{0}|a{0})",
        "(?:\\A|\\A)",
        "(?=|)",
        "(?x)#[(\n(|)#\n",
        "(?x:#[\n(|))"
      })
  void refusesFortyPartsOfTwoWays(String part) {
    OctetException e =
        assertThrows(OctetException.class, () -> Selector.moduleRegex(part.repeat(40)));
    assertEquals("OCT-POL-012", e.id());
    String regex = part.repeat(40);
    String start = regex.length() <= 100 ? regex : regex.substring(0, 100) + "...";
    assertEquals("'" + start + "' has too many parts that may be empty", e.fact());
  }

  @Test
  void refusesRepetitionsOfWhatMayBeEmptyInsideOfEachOther() {
    String regex = "layer" + "(".repeat(9) + ".*" + ")*".repeat(9) + "11";
    OctetException e = assertThrows(OctetException.class, () -> Selector.moduleRegex(regex));
    assertEquals("OCT-POL-012", e.id());
    assertEquals("'" + regex + "' has too many parts that may be empty", e.fact());
  }

  @Test
  void countsNoFurtherThanItNeeds() {
    assertEquals(1 << 30, EmptyWays.of("(|)".repeat(1000)));
    assertEquals(1 << 30, EmptyWays.of("(".repeat(1000) + "|)*(|)".repeat(1000)));
  }

  @Test
  void takesWhatPeopleWrite() {
    Selector.moduleRegex("(model\\.)?(encoder|decoder)?(\\.layer(s)?)?\\.[0-9]+(\\.(q|k|v)_proj)?");
    Selector.moduleRegex("layer[1-4](\\..*)?|(?!.*head).*(conv|bn)\\d*");
  }
}
