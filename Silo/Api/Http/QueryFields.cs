using System.Globalization;
using OrleansPayments.Silo.Api.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Http;

/// <summary>The query parameters of a request, as strict as a body's members; faults point into the object that they form.</summary>
internal sealed class QueryFields
{
    private readonly IQueryCollection _query;
    private readonly Faults _faults;

    private QueryFields(IQueryCollection query, Faults faults)
    {
        _query = query;
        _faults = faults;
    }

    /// <summary>Reports unknown and repeated parameters.</summary>
    public static QueryFields Read(HttpRequest request, Faults faults, params ReadOnlySpan<string> names)
    {
        foreach (var (name, values) in request.Query)
        {
            var pointer = JsonPointer.Member("", name) is { Length: > 0 } named ? named : null;
            if (!names.Contains(name)) faults.Add(ProblemCatalogue.UnknownField, "The query parameter is unknown.", pointer);
            else if (values.Count != 1) faults.Add(ProblemCatalogue.DuplicateField, "The query parameter is given more than once.", pointer);
        }

        return new QueryFields(request.Query, faults);
    }

    /// <summary>Null when there are no parameters at all; else the problem.</summary>
    public static Problem? RefuseAny(HttpRequest request)
    {
        if (!request.QueryString.HasValue) return null;
        var faults = new Faults();
        Read(request, faults);
        return faults.First;
    }

    /// <summary>Null when absent or after a fault.</summary>
    public string? Text(string name, int max)
    {
        if (!_query.TryGetValue(name, out var values)) return null;
        var text = values[0] ?? "";
        if (TextRules.Check(text, 1, max) is not { } fault) return text;
        Refuse(name, "The value " + fault);
        return null;
    }

    public int Integer(string name, int min, int max, int otherwise)
    {
        if (Text(name, 20) is not { } text) return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        Refuse(name, $"The value must be an integer from {min} to {max}.");
        return otherwise;
    }

    public bool Boolean(string name, bool otherwise)
    {
        switch (Text(name, 10))
        {
            case null: return otherwise;
            case "true": return true;
            case "false": return false;
            default:
                Refuse(name, "The value must be true or false.");
                return otherwise;
        }
    }

    /// <summary>RFC 3339 with an offset; null when absent or after a fault.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name, 40) is not { } text) return null;
        if (Rfc3339.TryParse(text, out var time)) return time;
        Refuse(name, "The value must be an RFC 3339 time such as 2026-01-31T12:00:00Z; a + in an offset is written %2B.");
        return null;
    }

    public void Refuse(string name, string detail) => _faults.Add(ProblemCatalogue.InvalidValue, detail, JsonPointer.Member("", name));
}
