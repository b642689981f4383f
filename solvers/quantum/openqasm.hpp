// OpenQASM 2.0: one register or several, the gates of qelib1.inc and its own, measurements at the end.
#pragma once

#include <string>
#include <string_view>

#include "solvers/quantum/circuit.hpp"

namespace tempera::quantum {

/// Reads the text of a program; `name` stands in messages. Qubits and bits of several registers are numbered in order of declaration.
/// Gates that the program defines are played as their bodies. Not read: opaque, if, reset, and gates behind a measurement of their qubit.
/// @throws UserError with name, line, the token seen and what to do
/// Source: A. Cross, L. Bishop, J. Smolin, J. Gambetta, "Open Quantum Assembly Language", arXiv:1707.03429
Circuit parse_openqasm(std::string_view text, const std::string& name);

}  // namespace tempera::quantum
