/**
 * The steps from a float model to a quantized one: normalise, plan, calibrate, convert and report.
 */
@NullMarked
package dev.octet.workflow;

import org.jspecify.annotations.NullMarked;
