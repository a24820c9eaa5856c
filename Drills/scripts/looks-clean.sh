#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Whether a restored folder looks as if ransomware had been at it: looks-clean.sh FOLDER
# Ends with 0 when it looks clean, 1 when it does not; prints why. A stand-in for your own scanner.
set -eu
cd "$1"

# The endings that such programs leave, and the notes they write.
found=$(find . -xdev -type f \( -iname '*.locked' -o -iname '*.encrypted' -o -iname '*.crypt' -o -iname '*ransom*' \
    -o -iname '*readme*decrypt*' -o -iname '*recover*files*' \) | head -n 3)
[ -z "$found" ] || { echo "names that ransomware leaves: $found" && exit 1; }

# Texts that are none any more: encrypted bytes hold zeros, and text does not.
texts=0 spoiled=0
for ending in txt html md csv yaml json; do
    count=$(find . -xdev -type f -name "*.$ending" -size +0c | wc -l)
    good=$(find . -xdev -type f -name "*.$ending" -size +0c -exec grep -Il '' {} + | wc -l)
    texts=$((texts + count)) spoiled=$((spoiled + count - good))
done
[ "$((spoiled * 20))" -le "$texts" ] || { echo "$spoiled of $texts texts are no texts" && exit 1; }
echo "looks clean: $spoiled of $texts texts are no texts"
