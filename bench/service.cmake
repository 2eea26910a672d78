# What ./dev bench service fills its databases with (bench/service.ts starts it).
add_executable(service_fill ${CMAKE_SOURCE_DIR}/bench/service_fill.cpp ${CMAKE_SOURCE_DIR}/bench/service_copy.cpp)
target_include_directories(service_fill PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(service_fill PRIVATE quietroom_care quietroom_identity quietroom_interop PostgreSQL::PostgreSQL)
