/** Recurrent layers: RNN, GRU and LSTM, in double. */
@NullMarked
package dev.octet.kernels.recurrent;

import org.jspecify.annotations.NullMarked;
