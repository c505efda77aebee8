/**
 * Writing a quantizer as data: operator patterns, rules, policies, and the resolution of shared
 * specs into groups.
 */
@NullMarked
package dev.octet.annotation;

import org.jspecify.annotations.NullMarked;
