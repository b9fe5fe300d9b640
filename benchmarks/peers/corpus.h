// The corpus of the C peer: a UTF-8 file as character indices, characters numbered in the order of their code points.
#ifndef CORPUS_H
#define CORPUS_H

#include <stdio.h>
#include <stdlib.h>

enum { CODE_POINTS = 0x110000 };

typedef struct {
  int *indices; // length
  long length;
  int vocabulary_size;
} Corpus;

static void fail(const char *what, const char *which) {
  fprintf(stderr, "%s %s\n", what, which);
  exit(1);
}

static unsigned char *read_file(const char *path, long *size) {
  FILE *file = fopen(path, "rb");
  if (!file) fail("cannot open", path);
  fseek(file, 0, SEEK_END);
  *size = ftell(file);
  rewind(file);
  unsigned char *bytes = malloc((size_t)*size + 1);
  if (!bytes || fread(bytes, 1, (size_t)*size, file) != (size_t)*size) fail("cannot read", path);
  bytes[*size] = 0;
  fclose(file);
  return bytes;
}

// The code point at *p of valid UTF-8; moves *p past it. The closing zero byte ends a sequence that is cut short.
static int next_code_point(const unsigned char **p) {
  int first = *(*p)++;
  int following = first < 0xC0 ? 0 : first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
  int code = following ? first & (0x3F >> following) : first;
  for (; following > 0 && (**p & 0xC0) == 0x80; following--) code = code << 6 | (*(*p)++ & 0x3F);
  return code & 0x1FFFFF;
}

static Corpus load_corpus(const char *path) {
  long size;
  unsigned char *bytes = read_file(path, &size);
  Corpus corpus = {malloc(sizeof(int) * (size_t)(size + 1)), 0, 0};
  int *index_of = calloc(CODE_POINTS, sizeof(int));
  if (!corpus.indices || !index_of) fail("no memory for", path);
  for (const unsigned char *p = bytes; p < bytes + size;) {
    int code = next_code_point(&p);
    if (code >= CODE_POINTS) fail("not UTF-8:", path);
    index_of[code] = 1;
    corpus.indices[corpus.length++] = code;
  }
  for (int code = 0; code < CODE_POINTS; code++)
    if (index_of[code]) index_of[code] = corpus.vocabulary_size++;
  for (long i = 0; i < corpus.length; i++) corpus.indices[i] = index_of[corpus.indices[i]];
  free(index_of);
  free(bytes);
  return corpus;
}

#endif
