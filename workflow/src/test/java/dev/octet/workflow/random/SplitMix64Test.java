package dev.octet.workflow.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SplitMix64Test {

  @Test
  void givesThePublishedNumbersOfASeed() {
    SplitMix64 numbers = new SplitMix64(1234567);
    String[] published = {
      "6457827717110365317",
      "3203168211198807973",
      "9817491932198370423",
      "4593380528125082431",
      "16408922859458223821"
    };
    for (String number : published) {
      assertEquals(number, Long.toUnsignedString(numbers.next()));
    }
  }

  @Test
  void staysBelowTheBoundAndReachesAllBelowIt() {
    SplitMix64 numbers = new SplitMix64(7);
    boolean[] seen = new boolean[3];
    for (int i = 0; i < 100; i++) {
      assertEquals(0, numbers.nextBelow(1));
      seen[numbers.nextBelow(3)] = true;
      assertTrue(numbers.nextBelow(Integer.MAX_VALUE) >= 0);
      double share = numbers.nextShare();
      assertTrue(share >= 0 && share < 1, "share " + share);
    }
    assertTrue(seen[0] && seen[1] && seen[2]);
  }
}
