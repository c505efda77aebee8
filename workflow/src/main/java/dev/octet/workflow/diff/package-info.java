/** What differs between two plans, calibrations or models. */
@NullMarked
package dev.octet.workflow.diff;

import org.jspecify.annotations.NullMarked;
