package dev.octet.annotation.resolve;

/** Disjoint sets of the numbers below a limit; the smallest member represents its set. */
final class UnionFind {

  private final int[] parents;

  UnionFind(int size) {
    parents = new int[size];
    for (int i = 0; i < size; i++) {
      parents[i] = i;
    }
  }

  /** Returns the smallest member of the set; paths are halved on the way. */
  int find(int member) {
    int at = member;
    while (parents[at] != at) {
      parents[at] = parents[parents[at]];
      at = parents[at];
    }
    return at;
  }

  void unite(int a, int b) {
    int rootA = find(a);
    int rootB = find(b);
    parents[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
  }
}
