/** Running models on samples, by the name of a runtime. */
@NullMarked
package dev.octet.workflow.run;

import org.jspecify.annotations.NullMarked;
