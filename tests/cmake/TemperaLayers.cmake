# The layer rule: a folder may use only folders of a lower layer. This table is the whole order of the program.
set(TEMPERA_LAYERS
  solvers/core:0
  solvers/model:1        mpi/comm:1
  solvers/tempering:2    solvers/quantum:2    solvers/baselines:2
  partition/split:2      partition/merge:2
  io/instances:2         io/checkpoint:2      io/report:2   io/audit:2      jobs/descriptor:2
  solvers/routing:3      solvers/qubo:3       solvers/inventory:3
  solvers/registry:4     solvers/hybrid:4
  mpi/cluster:5
  jobs/app:6)

# Layer number of a folder; an unknown folder is an error.
function(tempera_layer folder result)
  foreach(entry IN LISTS TEMPERA_LAYERS)
    string(REPLACE ":" ";" entry ${entry})
    list(GET entry 0 name)
    if(name STREQUAL folder)
      list(GET entry 1 layer)
      set(${result} ${layer} PARENT_SCOPE)
      return()
    endif()
  endforeach()
  message(FATAL_ERROR "${folder} has no layer: add it to tests/cmake/TemperaLayers.cmake")
endfunction()

# Stops the configuration when `folder` depends on something that is not below it.
function(tempera_check_layers folder)
  tempera_layer(${folder} own)
  foreach(dependency IN LISTS ARGN)
    tempera_layer(${dependency} theirs)
    if(NOT theirs LESS own)
      message(FATAL_ERROR
        "Layer rule: ${folder} (layer ${own}) may not depend on ${dependency} (layer ${theirs}). "
        "A folder uses only lower layers; move the shared part down or turn the call around.")
    endif()
  endforeach()
endfunction()

# tempera_add_library(<folder> [SOURCES a.cpp ...] [DEPENDS folder ...] [LINKS package ...])
# Makes the target tempera_<folder_with_underscores> and its alias tempera::<folder::with::colons>.
# Without SOURCES the folder holds headers only.
function(tempera_add_library folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS;LINKS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tempera_add_library(${folder}): unknown arguments ${ARG_UNPARSED_ARGUMENTS}")
  endif()
  tempera_check_layers(${folder} ${ARG_DEPENDS})
  string(REPLACE "/" "_" target "tempera_${folder}")
  string(REPLACE "/" "::" alias "tempera::${folder}")
  set(scope PUBLIC)
  if(ARG_SOURCES)
    add_library(${target} STATIC ${ARG_SOURCES})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
  endif()
  add_library(${alias} ALIAS ${target})
  target_link_libraries(${target} ${scope} tempera::settings ${ARG_LINKS})
  foreach(dependency IN LISTS ARG_DEPENDS)
    string(REPLACE "/" "::" dependency "tempera::${dependency}")
    target_link_libraries(${target} ${scope} ${dependency})
  endforeach()
  # What tests/tools/check_layers.py compares with the #include lines.
  string(REPLACE ";" " " depends "${ARG_DEPENDS}")
  set_property(GLOBAL APPEND_STRING PROPERTY TEMPERA_DEPENDS "${folder}: ${depends}\n")
endfunction()
