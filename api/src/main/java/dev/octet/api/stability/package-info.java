/** How much of the API is settled. */
@NullMarked
package dev.octet.api.stability;

import org.jspecify.annotations.NullMarked;
