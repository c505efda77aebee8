/**
 * Policies: which nodes a user wants quantized with which options, and which not, in one vocabulary
 * for every backend.
 */
@NullMarked
package dev.octet.annotation.policy;

import org.jspecify.annotations.NullMarked;
