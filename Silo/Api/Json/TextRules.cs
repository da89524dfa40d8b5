namespace OrleansPayments.Silo.Api.Json;

/// <summary>What any text in a request must be.</summary>
internal static class TextRules
{
    /// <summary>Null when the text may be used; else what is wrong with it, to follow "The value".</summary>
    /// <param name="min">In UTF-16 code units.</param>
    /// <param name="max">In UTF-16 code units.</param>
    public static string? Check(string text, int min, int max)
    {
        if (text.Length < min) return min == 1 ? "must not be empty." : $"must have at least {min} characters.";
        if (text.Length > max) return $"must have at most {max} characters.";
        foreach (var character in text)
        {
            if (char.IsControl(character)) return "must not have control characters.";
        }

        return null;
    }
}
