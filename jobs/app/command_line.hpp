// From argv to options: the parser and its messages. The options of each command are declared in run_commands.cpp,
// file_commands.cpp and quantum_commands.cpp, one function add_<command> each.
#pragma once

#include <optional>
#include <string>

#include "jobs/app/options.hpp"

namespace tempera::app {

struct ParsedLine {
  std::optional<Command> command;  ///< empty: print `text` and leave with 0 (help, version)
  std::string text;
  OutputMode output = OutputMode::text;
};

/// @throws UserError naming the option, the value, what is allowed, and the nearest name for one mistyped
ParsedLine parse_command_line(int count, const char* const* values);

/// True when argv asks for JSON, also where the rest of it cannot be parsed: errors then go out as JSON.
bool asks_for_json(int count, const char* const* values);

}  // namespace tempera::app
