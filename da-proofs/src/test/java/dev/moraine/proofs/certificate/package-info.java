/** Tests of keys, certificates and what they reject. */
@NullMarked
package dev.moraine.proofs.certificate;

import org.jspecify.annotations.NullMarked;
