# Headers of others, parsed once. The product's libraries have them only in a build for the sanitizers: that each file
# includes what it uses is proven by their plain build, and of the headers beside the tools by tests/layering.
# patent_headers(<set> [OPTIONS <option>...] HEADERS <header>... LINK <target>...); patent_precompile(<target> <set>)
function(patent_headers set)
  cmake_parse_arguments(arg "" "" "OPTIONS;HEADERS;LINK" ${ARGN})
  add_library(headers_${set} OBJECT EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/cmake/headers.cpp)
  target_compile_options(headers_${set} PRIVATE ${arg_OPTIONS})
  target_link_libraries(headers_${set} PRIVATE warnings ${arg_LINK})
  target_precompile_headers(headers_${set} PRIVATE ${arg_HEADERS} <algorithm> <array> <charconv> <chrono> <filesystem>
    <fstream> <functional> <iostream> <map> <memory> <mutex> <optional> <random> <set> <span> <sstream> <string>
    <string_view> <thread> <variant> <vector>)
  if("-fPIE" IN_LIST arg_OPTIONS)  # as programs are compiled
    set_target_properties(headers_${set} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  endif()
endfunction()

function(patent_precompile name set)
  target_precompile_headers(${name} REUSE_FROM headers_${set})
endfunction()
