/**
 * Assertions on plans, and small models to plan, for the tests of backends. A failed assertion is
 * an {@link AssertionError}, so any test framework will do.
 */
@NullMarked
package dev.octet.testkit;

import org.jspecify.annotations.NullMarked;
