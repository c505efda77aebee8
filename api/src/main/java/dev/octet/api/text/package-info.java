/** What texts must be that others give. Not exported. */
@NullMarked
package dev.octet.api.text;

import org.jspecify.annotations.NullMarked;
