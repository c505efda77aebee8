/** The words in which an operator is defined, once: see {@link OperatorDefinition}. */
@NullMarked
package dev.octet.kernels.definition;

import org.jspecify.annotations.NullMarked;
