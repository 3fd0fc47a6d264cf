// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// SPDX-FileCopyrightText: The torc authors
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "unit_tests/storm/known_faults.hpp"

namespace storm {

/// Statuses of the storm itself.
inline constexpr int status_wrong = 1;  ///< a program did what it must not
inline constexpr int status_usage = 2;
inline constexpr int status_stuck = 4;  ///< a program did not end

/// What a storm is asked for.
struct command_line {
  std::uint64_t first_seed = 1;
  std::uint64_t last_seed = 1;
  int repeat = 1;           ///< each program so often
  bool is_hostile = false;  ///< the network
  bool stops = false;       ///< each program, by a signal to some of its ranks
  int burners = 0;          ///< processes that keep the machine busy
  double seconds = 60;      ///< that a program may stand still
  std::size_t frame_bytes = std::size_t{64} << 10U;
  std::size_t piece_bytes = std::size_t{1} << 30U;
  fault_switches faults;
  std::vector<std::uint32_t> kept;  ///< ids of operations; all if there are none
  bool describes = false;
  bool shrinks = false;
  bool plays = false;                   ///< the job of the first seed, among those that end badly
  int ranks = 2;                        ///< where no launcher says
  std::string launcher = "mpiexec -n";  ///< words of a shell

  std::vector<std::string> given;  ///< all arguments but seeds, ranks, launcher and operations
};

/// Nothing, with a text about it printed, if the arguments cannot be understood.
std::optional<command_line> parse(int argc, char** argv);

/// What a shell reads as one word, whatever is in that.
std::string shell_word(std::string_view word);

/// The command that runs one program of these again, for a shell.
std::string command_for(const command_line& given, const std::string& program, std::uint64_t seed, int ranks,
                        const std::vector<std::uint32_t>& kept);

}  // namespace storm
