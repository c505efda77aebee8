/** Stands in for a service that has Octet in it. */
@NullMarked
package dev.octet.embedding;

import org.jspecify.annotations.NullMarked;
