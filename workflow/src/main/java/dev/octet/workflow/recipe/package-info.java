/** Recipe files: options of a backend and a policy, written down. */
@NullMarked
package dev.octet.workflow.recipe;

import org.jspecify.annotations.NullMarked;
