/** What contracts are called with that use the Solidity verifiers. */
@NullMarked
package dev.moraine.proofs.evm;

import org.jspecify.annotations.NullMarked;
