/** Programs that compare what Octet computes with what another runtime has computed. */
@NullMarked
package dev.octet.cli.interop;

import org.jspecify.annotations.NullMarked;
