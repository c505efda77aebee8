/**
 * Calibration: observers watch float values while a model runs on samples, keep statistics that
 * merge exactly, and give the ranges from which scales and zero points are computed.
 */
@NullMarked
package dev.octet.workflow.calibrate;

import org.jspecify.annotations.NullMarked;
