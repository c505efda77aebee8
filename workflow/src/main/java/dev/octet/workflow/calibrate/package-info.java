/**
 * Calibration: observers watch float values while a model runs, and give scales and zero points.
 */
@NullMarked
package dev.octet.workflow.calibrate;

import org.jspecify.annotations.NullMarked;
