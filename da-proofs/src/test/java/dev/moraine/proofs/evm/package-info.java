/** Runs the Solidity verifiers in an EVM, for the tests of what they verify. */
@NullMarked
package dev.moraine.proofs.evm;

import org.jspecify.annotations.NullMarked;
