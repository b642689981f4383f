// First pass over a VRPLIB text: which keys and sections it has, and where. No numbers yet.
#pragma once

#include <map>
#include <string_view>
#include <vector>

namespace tempera::instances {

/// "KEY : value" in the text.
struct VrplibEntry {
  std::string_view value;
  int line = 0;
};

/// The lines between a section's name and the next name.
struct VrplibSection {
  std::string_view body;
  int line = 0;  ///< of the section's name; the body starts on the next line
};

/// Views into the text, which must outlive the outline.
struct VrplibOutline {
  std::string_view source;  ///< the file, as messages name it
  std::map<std::string_view, VrplibEntry> keys;
  std::vector<std::string_view> comments;  ///< COMMENT alone may be repeated
  std::map<std::string_view, VrplibSection> sections;
  int last_line = 1;

  const VrplibEntry* key(std::string_view name) const;
  const VrplibSection* section(std::string_view name) const;
  /// The same, throwing UserError with what to add when the file has none.
  const VrplibEntry& required_key(std::string_view name, std::string_view advice) const;
  const VrplibSection& required_section(std::string_view name, std::string_view advice) const;
};

/// Throws UserError for an unknown, unsupported, repeated or valueless key or section, for text that belongs to none,
/// and for a problem TYPE other than CVRP and ACVRP.
VrplibOutline outline_vrplib(std::string_view text, std::string_view source);

}  // namespace tempera::instances
