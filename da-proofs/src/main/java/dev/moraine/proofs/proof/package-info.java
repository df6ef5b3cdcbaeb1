/**
 * Proofs that symbols, chunks and byte ranges belong to a blob id, and the check of whole slivers against metadata.
 *
 * <p>Every proof has one byte form, whose length follows from what was asked for. A verifier takes the header, the id
 * and all coordinates from its caller, demands every length before it hashes, never throws on foreign bytes, and says
 * why it rejects.
 */
@NullMarked
package dev.moraine.proofs.proof;

import org.jspecify.annotations.NullMarked;
