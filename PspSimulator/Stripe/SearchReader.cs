using System.Text;

namespace OrleansPayments.PspSimulator.Stripe;

/// <summary>Splits a search query into clauses.</summary>
internal sealed class SearchReader(string text)
{
    private int _at;

    public bool AtEnd
    {
        get
        {
            SkipSpaces();
            return _at >= text.Length;
        }
    }

    /// <summary>Reads one clause; null, or what is wrong with it.</summary>
    public string? ReadClause(
        out bool negated, out string field, out string? key, out string comparison, out string value, out bool quoted)
    {
        (field, key, comparison, value, quoted) = ("", null, "", "", false);
        SkipSpaces();
        negated = TrySkip('-');
        field = ReadWhile(static letter => char.IsAsciiLetterLower(letter) || letter == '_');
        if (field.Length == 0) return $"a field is expected at character {_at + 1}.";

        if (field == "metadata")
        {
            if (!TrySkip('[') || !TryReadQuoted(out var name) || !TrySkip(']')) return "metadata needs a key: metadata['key'].";
            key = name;
        }

        comparison = ReadWhile(static letter => letter is ':' or '~' or '<' or '>' or '=');
        if (comparison.Length == 0) return $"':' is expected at character {_at + 1}.";

        quoted = TryReadQuoted(out value);
        if (!quoted) value = ReadWhile(static letter => char.IsAsciiLetterOrDigit(letter));
        if (!quoted && value.Length == 0) return $"a value is expected at character {_at + 1}.";
        return _at < text.Length && text[_at] != ' ' ? $"a space is expected at character {_at + 1}." : null;
    }

    /// <summary><c>AND</c> or <c>OR</c>; a plain space means AND.</summary>
    public string ReadJoiner()
    {
        SkipSpaces();
        foreach (var joiner in (ReadOnlySpan<string>)["AND", "OR"])
        {
            if (!text.AsSpan(_at).StartsWith(joiner + " ", StringComparison.OrdinalIgnoreCase)) continue;
            _at += joiner.Length;
            return joiner;
        }

        return "AND";
    }

    private void SkipSpaces()
    {
        while (_at < text.Length && text[_at] == ' ') _at++;
    }

    private bool TrySkip(char letter)
    {
        if (_at >= text.Length || text[_at] != letter) return false;
        _at++;
        return true;
    }

    private string ReadWhile(Func<char, bool> wanted)
    {
        var start = _at;
        while (_at < text.Length && wanted(text[_at])) _at++;
        return text[start.._at];
    }

    // Either quotation mark, with a backslash before one that is part of the value.
    private bool TryReadQuoted(out string value)
    {
        value = "";
        if (_at >= text.Length || text[_at] is not ('\'' or '"')) return false;

        var mark = text[_at];
        var read = new StringBuilder();
        for (var at = _at + 1; at < text.Length; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                read.Append(text[++at]);
            }
            else if (text[at] == mark)
            {
                _at = at + 1;
                value = read.ToString();
                return true;
            }
            else
            {
                read.Append(text[at]);
            }
        }

        return false;
    }
}
