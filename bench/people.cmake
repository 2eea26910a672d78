# Search and opening of people among 50,000, on either database.
add_executable(people_bench ${CMAKE_SOURCE_DIR}/bench/people.cpp)
target_include_directories(people_bench PRIVATE ${CMAKE_SOURCE_DIR})
target_link_libraries(people_bench PRIVATE quietroom_care)
