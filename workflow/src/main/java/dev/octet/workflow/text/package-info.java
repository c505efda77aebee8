/**
 * Text of people and tools to and from {@link dev.octet.api.tree.Tree}: JSON both ways, YAML one
 * way. Every value that is read knows its file, line, column and path.
 */
@NullMarked
package dev.octet.workflow.text;

import org.jspecify.annotations.NullMarked;
