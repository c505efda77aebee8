/**
 * Images as levels of 8 bits, and the written rules that bring them to one size. Nothing here reads
 * files, and nothing needs {@code java.desktop}.
 */
@NullMarked
package dev.octet.workflow.image;

import org.jspecify.annotations.NullMarked;
