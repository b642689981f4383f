# Compares every `#include "folder/..."` with the DEPENDS of tempera_add_library, and keeps the lines that the architecture
# draws around third-party headers and clocks. Run: cmake -DSOURCE=<tree> -DDEPENDS=<table> -P check_layers.cmake
# The table has a line "folder: folder folder ..." per library, written by the configuration.
cmake_minimum_required(VERSION 3.25)

file(STRINGS ${DEPENDS} table)
set(folders)
foreach(line IN LISTS table)
  string(REGEX MATCH "^([^:]+):(.*)$" _ "${line}")
  set(folder ${CMAKE_MATCH_1})
  string(STRIP "${CMAKE_MATCH_2}" needs)
  string(REPLACE " " ";" needs "${needs}")
  list(APPEND folders ${folder})
  string(REPLACE "/" "_" key ${folder})
  set(needs_${key} ${folder} ${needs})
endforeach()

# header pattern | folders that may include it
set(guarded_headers
  "mpi\\.h|mpi/comm"
  "hdf5[_a-z]*\\.h|io/checkpoint"
  "CLI/|jobs/app"
  "boost/(archive|serialization)/|mpi/comm,mpi/cluster"
  "spdlog/|mpi/comm,mpi/cluster,jobs/app")
set(clock_pattern "(steady|system|high_resolution)_clock|clock_gettime|gettimeofday")

set(problems)

function(check_own source folder key used)
  if(NOT used IN_LIST folders)
    list(APPEND problems "${source}: includes \"${used}/...\", which is no folder of the program")
  elseif(NOT used IN_LIST needs_${key})
    list(APPEND problems "${source}: includes ${used}, which is not in the DEPENDS of ${folder}")
  endif()
  set(problems "${problems}" PARENT_SCOPE)
endfunction()

function(check_foreign source folder header)
  foreach(rule IN LISTS guarded_headers)
    string(REGEX MATCH "^(.*)\\|([^|]+)$" _ "${rule}")
    set(pattern "${CMAKE_MATCH_1}")
    set(allowed "${CMAKE_MATCH_2}")
    string(REPLACE "," ";" allowed_list "${allowed}")
    if(header MATCHES "^${pattern}" AND NOT folder IN_LIST allowed_list)
      list(APPEND problems "${source}: includes <${header}>, which only ${allowed} may")
    endif()
  endforeach()
  set(problems "${problems}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE sources RELATIVE ${SOURCE} ${SOURCE}/solvers/*.[ch]pp ${SOURCE}/mpi/*.[ch]pp ${SOURCE}/partition/*.[ch]pp
  ${SOURCE}/io/*.[ch]pp ${SOURCE}/jobs/*.[ch]pp)
foreach(source IN LISTS sources)
  get_filename_component(folder ${source} DIRECTORY)
  string(REPLACE "/" "_" key ${folder})
  if(NOT DEFINED needs_${key})
    list(APPEND problems "${source}: ${folder} is no library of tempera_add_library")
    continue()
  endif()
  file(STRINGS ${SOURCE}/${source} includes REGEX "^[ \t]*#[ \t]*include")
  foreach(include IN LISTS includes)
    if(include MATCHES "\"([^\"]+)/[^/\"]+\"")
      check_own(${source} ${folder} ${key} ${CMAKE_MATCH_1})
    elseif(include MATCHES "<([^>]+)>")
      check_foreign(${source} ${folder} ${CMAKE_MATCH_1})
    endif()
  endforeach()
  file(STRINGS ${SOURCE}/${source} clocks REGEX "${clock_pattern}")
  if(clocks AND NOT source MATCHES "^solvers/core/budget\\.")
    list(APPEND problems "${source}: reads a clock; only solvers/core/budget may")
  endif()
endforeach()

list(LENGTH sources count)
if(count EQUAL 0)
  message(FATAL_ERROR "no sources below ${SOURCE}")
endif()
if(problems)
  list(JOIN problems "\n" text)
  message(NOTICE "Layer rule broken:\n${text}")
  message(FATAL_ERROR "the layers are broken; see above")
endif()
message(STATUS "${count} sources keep to the layers")
