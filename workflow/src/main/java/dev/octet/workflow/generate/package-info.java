/** Text that a language model goes on with. */
@NullMarked
package dev.octet.workflow.generate;

import org.jspecify.annotations.NullMarked;
