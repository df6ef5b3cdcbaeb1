/**
 * BLS and Ed25519 keys, bundles, the statements that nodes and writers sign, and the certificates made of them
 * (protocol, sections 5 and 6).
 */
@NullMarked
package dev.moraine.proofs.certificate;

import org.jspecify.annotations.NullMarked;
