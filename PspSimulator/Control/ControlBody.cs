using System.Text.Json;

namespace OrleansPayments.PspSimulator.Control;

/// <summary>Reads the JSON object of a control call, field by field; fields nobody asked for are refused.</summary>
internal sealed class ControlBody
{
    private readonly Dictionary<string, JsonElement> _fields;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private ControlBody(Dictionary<string, JsonElement> fields) => _fields = fields;

    /// <summary>The first thing wrong with a field asked for; null as long as all is well.</summary>
    public ControlProblem? Problem { get; private set; }

    /// <summary>Null if the body is not one JSON object without repeated fields.</summary>
    public static async Task<ControlBody?> ReadAsync(HttpRequest request)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;

            var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (!fields.TryAdd(property.Name, property.Value.Clone())) return null;
            }

            return new ControlBody(fields);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A required string that <paramref name="accepts"/>.</summary>
    public string Text(string name, Func<string, bool> accepts, string expected)
    {
        _asked.Add(name);
        if (_fields.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String && accepts(value.GetString()!)) return value.GetString()!;
        Refuse(name, expected);
        return "";
    }

    /// <summary>A string that <paramref name="accepts"/>; null if it is absent.</summary>
    public string? OptionalText(string name, Func<string, bool> accepts, string expected)
    {
        _asked.Add(name);
        return _fields.ContainsKey(name) ? Text(name, accepts, expected) : null;
    }

    /// <summary><c>true</c> or <c>false</c>; absent, the default.</summary>
    public bool Flag(string name, bool absent)
    {
        _asked.Add(name);
        if (!_fields.TryGetValue(name, out var value)) return absent;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False) return value.GetBoolean();
        Refuse(name, "must be true or false");
        return absent;
    }

    /// <summary>A whole number in a range; absent, the default.</summary>
    public int Integer(string name, int least, int most, int absent)
    {
        _asked.Add(name);
        if (!_fields.TryGetValue(name, out var value)) return absent;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= least && number <= most) return number;
        Refuse(name, $"must be a whole number from {least} to {most}");
        return absent;
    }

    /// <summary>A required number in a range.</summary>
    public double Number(string name, double least, double most)
    {
        _asked.Add(name);
        if (_fields.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most)
            return number;
        Refuse(name, $"must be a number from {least} to {most}");
        return least;
    }

    public void Refuse(string name, string expected) => Problem ??= new ControlProblem(name, $"{name} {expected}.");

    /// <summary>Refuses a field that was sent and not asked for. Call it last.</summary>
    public void RefuseOthers()
    {
        foreach (var name in _fields.Keys)
        {
            if (!_asked.Contains(name)) Refuse(name, $"is not a field here; the fields are {string.Join(", ", _asked)}");
        }
    }
}
