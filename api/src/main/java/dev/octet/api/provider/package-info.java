/**
 * How backends are found by name: the provider service, its self-description, and the catalogue.
 */
@NullMarked
package dev.octet.api.provider;

import org.jspecify.annotations.NullMarked;
