#include "solvers/quantum/mixers.hpp"

namespace tempera::quantum {

std::vector<Gate> xy_ring_mixer(const std::vector<int>& group, double beta) {
  std::vector<Gate> gates;
  const std::size_t size = group.size(), links = size > 2 ? size : size - 1;  // two qubits have one link, not two
  for (const std::size_t parity : {std::size_t{0}, std::size_t{1}})
    for (std::size_t k = parity; k < links; k += 2) {
      if (size % 2 == 1 && k == links - 1 && links > 1) continue;
      gates.push_back({.qubits = {group[k], group[(k + 1) % size]}, .matrix = matrices::xy(beta)});
    }
  if (size % 2 == 1 && links > 1) gates.push_back({.qubits = {group[size - 1], group[0]}, .matrix = matrices::xy(beta)});
  return gates;
}

std::vector<Gate> xy_complete_mixer(const std::vector<int>& group, double beta) {
  std::vector<Gate> gates;
  const std::size_t size = group.size() + group.size() % 2;  // a bye for an odd group
  std::vector<std::size_t> seats(size);
  for (std::size_t k = 0; k < size; ++k) seats[k] = k;
  for (std::size_t round = 0; round + 1 < size; ++round) {
    for (std::size_t k = 0; k < size / 2; ++k) {
      const std::size_t a = seats[k], b = seats[size - 1 - k];
      if (a < group.size() && b < group.size()) gates.push_back({.qubits = {group[a], group[b]}, .matrix = matrices::xy(beta)});
    }
    const std::size_t last = seats.back();  // all but the first move on
    for (std::size_t k = size - 1; k > 1; --k) seats[k] = seats[k - 1];
    seats[1] = last;
  }
  return gates;
}

}  // namespace tempera::quantum
