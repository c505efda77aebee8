/** What executes a converted model. */
@NullMarked
package dev.octet.api.runtime;

import org.jspecify.annotations.NullMarked;
