/** Which build of a backend made a plan or a calibration, and whether another one may go on. */
@NullMarked
package dev.octet.workflow.provenance;

import org.jspecify.annotations.NullMarked;
