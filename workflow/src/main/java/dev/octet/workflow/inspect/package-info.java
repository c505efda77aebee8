/** What is in models, plans and calibrations, in the words of the plan. */
@NullMarked
package dev.octet.workflow.inspect;

import org.jspecify.annotations.NullMarked;
