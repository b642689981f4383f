// A circuit: gates as matrices, in order, and measurements at its end.
#pragma once

#include <complex>
#include <numbers>
#include <string>
#include <vector>

namespace tempera::quantum {

using Matrix = std::vector<std::complex<double>>;  ///< 2^k x 2^k, row by row; bit j of a row or column is qubit j of the gate

struct Gate {
  std::vector<int> qubits;         ///< distinct
  Matrix matrix;
  std::vector<int> controls = {};  ///< the gate acts where all of these are 1
};

struct Measurement {
  int qubit = 0;
  int bit = 0;
};

struct Circuit {
  int qubits = 0;
  int bits = 0;
  std::vector<Gate> gates = {};
  std::vector<Measurement> measurements = {};  ///< all after the last gate on their qubit
};

namespace matrices {
Matrix identity(int qubits);
Matrix x();
Matrix y();
Matrix z();
Matrix h();
Matrix sx();
Matrix swap();
Matrix rx(double angle);
Matrix ry(double angle);
Matrix rz(double angle);
Matrix phase(double angle);                                ///< diag(1, e^{i angle}): S, T, P
Matrix u(double theta, double phi, double lambda);         ///< U3 of OpenQASM 2
Matrix rxx(double angle);                                  ///< exp(-i angle/2 X X)
Matrix rzz(double angle);
Matrix xy(double angle);                                   ///< exp(-i angle/2 (X X + Y Y))
Matrix adjoint(const Matrix& matrix);
}  // namespace matrices

/// True when only the diagonal of `matrix` is not zero.
bool is_diagonal(const Matrix& matrix);

/// Joins neighbouring gates into matrices on at most `most_qubits` qubits, controls included; wider gates stay as they are.
std::vector<Gate> fuse(const std::vector<Gate>& gates, int most_qubits);

}  // namespace tempera::quantum
