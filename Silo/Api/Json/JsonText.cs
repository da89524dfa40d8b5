using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Json;

/// <summary>Reads the strings of a request: checked, and never half a surrogate pair.</summary>
internal static class JsonText
{
    public static ImmutableSortedDictionary<string, string> EmptyMap { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <returns>The text; empty after a fault.</returns>
    public static string Read(JsonElement element, string pointer, Faults faults, int min, int max)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            faults.Add(ProblemCatalogue.InvalidType, "The value must be a string.", pointer);
            return "";
        }

        if (TryGetText(element) is not { } text)
        {
            faults.Add(ProblemCatalogue.InvalidValue, "The value has half of a surrogate pair.", pointer);
            return "";
        }

        if (TextRules.Check(text, min, max) is not { } fault) return text;
        faults.Add(ProblemCatalogue.InvalidValue, "The value " + fault, pointer);
        return "";
    }

    public static ImmutableSortedDictionary<string, string> ReadMap(JsonElement element, string pointer, Faults faults, MapLimits limits)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            faults.Add(ProblemCatalogue.InvalidType, "The value must be an object.", pointer);
            return EmptyMap;
        }

        var entries = EmptyMap.ToBuilder();
        foreach (var member in element.EnumerateObject())
        {
            var at = PointerOf(member, pointer);
            var value = Read(member.Value, at, faults, limits.MinValueLength, limits.MaxValueLength);
            if (TryGetName(member) is not { } name)
            {
                faults.Add(ProblemCatalogue.InvalidValue, "A name has half of a surrogate pair.", at);
            }
            else if (TextRules.Check(name, 1, limits.MaxKeyLength) is { } fault)
            {
                faults.Add(ProblemCatalogue.InvalidValue, "The name " + fault, at);
            }
            else if (!entries.TryAdd(name, value))
            {
                faults.Add(ProblemCatalogue.DuplicateField, "The field is given twice.", at);
            }

            if (entries.Count <= limits.MaxCount) continue;
            faults.Add(ProblemCatalogue.InvalidValue, $"The object must have at most {limits.MaxCount} members.", pointer);
            break;
        }

        return entries.ToImmutable();
    }

    /// <summary>The pointer to a member; to its object when the name cannot be written.</summary>
    public static string PointerOf(JsonProperty member, string parent) => TryGetName(member) is { } name ? JsonPointer.Member(parent, name) : parent;

    /// <summary>Null when the name has half of a surrogate pair.</summary>
    public static string? TryGetName(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            // The JSON library checks escapes only when the text is asked for.
            return null;
        }
    }

    /// <summary>Null when the value is no string or has half of a surrogate pair.</summary>
    public static string? TryGetText(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
