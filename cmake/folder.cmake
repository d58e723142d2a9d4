# folder = target = namespace. A folder's sources are its *.cpp but main.cpp: a new file needs no line here.

# patent_library(<name> [HEAP_FREE] [SOURCES <file>...] [PUBLIC <target>...] [PRIVATE <target>...])
# Without SOURCES: every .cpp of the folder except main.cpp.
function(patent_library name)
  cmake_parse_arguments(arg "HEAP_FREE" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  if(NOT arg_SOURCES)
    file(GLOB arg_SOURCES CONFIGURE_DEPENDS *.cpp)
    list(FILTER arg_SOURCES EXCLUDE REGEX "/main\\.cpp$")
  endif()
  if(arg_SOURCES)
    add_library(${name} STATIC ${arg_SOURCES})
    target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} PUBLIC ${arg_PUBLIC} PRIVATE warnings ${arg_PRIVATE})
    if(arg_HEAP_FREE)
      # What a secure element could run: no exceptions, no run-time types; tests/heapfree proves the absence of a heap.
      target_compile_options(${name} PRIVATE -fno-exceptions -fno-rtti)
    elseif(PATENT_SANITIZE)
      target_link_libraries(${name} PRIVATE fmt::fmt)
      patent_precompile(${name} libraries)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name} INTERFACE ${arg_PUBLIC})
  endif()
endfunction()

# patent_tool(<name> <source>... LINK <target>...): a program that is installed.
function(patent_tool name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${arg_LINK} command_line warnings PkgConfig::JSONCPP)
  patent_precompile(${name} tools)
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endfunction()

patent_headers(libraries HEADERS <fmt/format.h> <json/json.h> LINK fmt::fmt PkgConfig::JSONCPP)
patent_headers(tools OPTIONS -fPIE HEADERS <boost/program_options.hpp> <fmt/format.h> <json/json.h>
               LINK fmt::fmt PkgConfig::JSONCPP Boost::program_options)

# What runs again under the sanitizers: `ninja memory_tests`, then `ctest -L memory`.
add_custom_target(memory_tests)
function(patent_memory_test name)
  set(others ${PROJECT_SOURCE_DIR}/tests)
  set_tests_properties(${name} PROPERTIES LABELS memory ENVIRONMENT
    "LSAN_OPTIONS=suppressions=${others}/leaks-of-others.txt:print_suppressions=0;TSAN_OPTIONS=suppressions=${others}/races-of-others.txt:print_suppressions=0")
  add_dependencies(memory_tests ${name})
endfunction()

# patent_catch(<name> <source>... [LINK <target>...]): a Catch2 program that is one ctest. Its own code runs once, and
# is not worth the second effort of the compiler.
set(PATENT_TEST_OPTIONS $<$<CONFIG:Release>:-O1>)
patent_headers(tests OPTIONS -fPIE ${PATENT_TEST_OPTIONS} HEADERS <catch2/catch.hpp> <fmt/format.h> <json/json.h>
               LINK fmt::fmt PkgConfig::JSONCPP)
function(patent_catch name)
  cmake_parse_arguments(arg "" "" "LINK" ${ARGN})
  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  target_compile_definitions(${name} PRIVATE TESTS_DIR="${PROJECT_SOURCE_DIR}/tests")
  target_compile_options(${name} PRIVATE ${PATENT_TEST_OPTIONS})
  target_link_libraries(${name} PRIVATE ${arg_LINK} warnings Catch2::Catch2WithMain fmt::fmt PkgConfig::JSONCPP)
  patent_precompile(${name} tests)
  add_test(NAME ${name} COMMAND ${name})
endfunction()

# patent_test(<name> <source>... [LINK <target>...]): the same, and again under the sanitizers.
function(patent_test name)
  patent_catch(${name} ${ARGN})
  patent_memory_test(${name})
endfunction()
