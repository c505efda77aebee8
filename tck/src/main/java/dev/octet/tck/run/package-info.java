/** How a run goes: which cases, in which order, for how long, and in which process. */
@NullMarked
package dev.octet.tck.run;

import org.jspecify.annotations.NullMarked;
