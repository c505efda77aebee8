/**
 * What a backend vendor implements to add an observer of its own: how statistics are collected
 * while the float model runs on samples, and which range they give.
 *
 * <p>A vendor writes three small things against this package alone: an {@link
 * dev.octet.api.observer.ObserverKind}, which has the name that specs use and finds the range; an
 * {@link dev.octet.api.observer.ValueObserver}, which watches the values of one group; and, unless
 * {@link dev.octet.api.observer.Extremes} will do, a record of statistics. The provider names the
 * kind in {@link dev.octet.api.provider.QuantizerProvider#observers()}.
 */
@NullMarked
package dev.octet.api.observer;

import org.jspecify.annotations.NullMarked;
