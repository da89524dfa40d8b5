using System.Collections.Immutable;
using System.Text.Json;
using OrleansPayments.Silo.Api.Problems;

namespace OrleansPayments.Silo.Api.Json;

/// <summary>
/// The members of one JSON object of a request, against the names that it may have. Every fault is reported with its exact pointer; a member that is
/// optional may be null, which says the same as leaving it out.
/// </summary>
internal sealed class JsonFields
{
    private readonly ImmutableArray<string> _names;
    private readonly JsonElement[] _values;
    private readonly string _pointer;
    private readonly Faults _faults;

    private JsonFields(string pointer, Faults faults, ImmutableArray<string> names)
    {
        _pointer = pointer;
        _faults = faults;
        _names = names;
        _values = new JsonElement[names.Length];
    }

    /// <summary>Reads the object and reports unknown and duplicate members.</summary>
    public static JsonFields Read(JsonElement element, string pointer, Faults faults, ImmutableArray<string> names)
    {
        var fields = new JsonFields(pointer, faults, names);
        if (element.ValueKind == JsonValueKind.Object) fields.Take(element);
        else faults.Add(ProblemCatalogue.InvalidType, "The value must be an object.", NullIfRoot(pointer));
        return fields;
    }

    public string PointerOf(string name) => JsonPointer.Member(_pointer, name);

    /// <summary>False when the member is absent or null.</summary>
    public bool Has(string name) => Value(name).ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>Refuses the value of a member; one that is absent has no value, and was refused as missing if it had to be there.</summary>
    public void Refuse(ProblemKind kind, string name, string detail)
    {
        if (Has(name)) _faults.Add(kind, detail, PointerOf(name));
    }

    /// <summary>Refuses a member of a member.</summary>
    public void Refuse(ProblemKind kind, string name, string detail, string inner) =>
        _faults.Add(kind, detail, JsonPointer.Member(PointerOf(name), inner));

    /// <summary>The string of a required member; empty after a fault.</summary>
    public string RequiredText(string name, int max, int min = 1) => Require(name) ? Text(name, min, max) : "";

    /// <summary>Null when absent.</summary>
    public string? OptionalText(string name, int max, int min = 1) => Has(name) ? Text(name, min, max) : null;

    public long RequiredInteger(string name, long min, long max) => Require(name) ? Integer(name, min, max) : min;

    public long OptionalInteger(string name, long min, long max, long otherwise) => Has(name) ? Integer(name, min, max) : otherwise;

    /// <summary>Null when absent.</summary>
    public long? OptionalInteger(string name, long min, long max) => Has(name) ? Integer(name, min, max) : null;

    public int RequiredInt32(string name, int min, int max) => (int)RequiredInteger(name, min, max);

    public int OptionalInt32(string name, int min, int max, int otherwise) => (int)OptionalInteger(name, min, max, otherwise);

    public double OptionalNumber(string name, double min, double max, double otherwise)
    {
        if (!Has(name)) return otherwise;
        var value = Value(name);
        if (value.ValueKind != JsonValueKind.Number) return Fail(ProblemCatalogue.InvalidType, name, "The value must be a number.", otherwise);
        if (value.TryGetDouble(out var number) && number >= min && number <= max) return number;
        return Fail(ProblemCatalogue.InvalidValue, name, $"The value must be from {min} to {max}.", otherwise);
    }

    public bool OptionalBoolean(string name, bool otherwise)
    {
        if (!Has(name)) return otherwise;
        var kind = Value(name).ValueKind;
        if (kind is JsonValueKind.True or JsonValueKind.False) return kind == JsonValueKind.True;
        return Fail(ProblemCatalogue.InvalidType, name, "The value must be true or false.", otherwise);
    }

    /// <summary>Null after a fault.</summary>
    public JsonFields? RequiredObject(string name, ImmutableArray<string> names) => Require(name) ? Read(Value(name), PointerOf(name), _faults, names) : null;

    public JsonFields? OptionalObject(string name, ImmutableArray<string> names) => Has(name) ? Read(Value(name), PointerOf(name), _faults, names) : null;

    /// <summary>The elements of an array as if each were a member of an object; null when absent, empty after a fault.</summary>
    public ImmutableArray<T>? OptionalArray<T>(string name, int max, Func<JsonElement, string, Faults, T> read)
    {
        if (!Has(name)) return null;
        var value = Value(name);
        var pointer = PointerOf(name);
        if (value.ValueKind != JsonValueKind.Array) return Fail(ProblemCatalogue.InvalidType, name, "The value must be an array.", ImmutableArray<T>.Empty);
        if (value.GetArrayLength() > max) return Fail(ProblemCatalogue.InvalidValue, name, $"The array must have at most {max} elements.", ImmutableArray<T>.Empty);

        var items = ImmutableArray.CreateBuilder<T>(value.GetArrayLength());
        foreach (var element in value.EnumerateArray()) items.Add(read(element, JsonPointer.Element(pointer, items.Count), _faults));
        return items.MoveToImmutable();
    }

    /// <summary>Different strings, each accepted by <paramref name="accepts"/>; null when absent, empty after a fault.</summary>
    /// <param name="detail">What is accepted, for the problem.</param>
    public ImmutableArray<string>? OptionalTexts(string name, int max, Func<string, bool> accepts, string detail)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var texts = OptionalArray(name, max, ReadOne);
        if (texts is { IsEmpty: true }) Refuse(ProblemCatalogue.InvalidValue, name, "The array must not be empty.");
        return texts;

        string ReadOne(JsonElement element, string pointer, Faults faults)
        {
            var text = JsonText.Read(element, pointer, faults, 1, 255);
            if (faults.First is not null) return text;
            if (!accepts(text)) faults.Add(ProblemCatalogue.InvalidValue, detail, pointer);
            if (!seen.Add(text)) faults.Add(ProblemCatalogue.InvalidValue, "The value is given twice.", pointer);
            return text;
        }
    }

    /// <summary>An object whose members are all strings; empty when absent or after a fault.</summary>
    public ImmutableSortedDictionary<string, string> OptionalMap(string name, MapLimits limits) =>
        Has(name) ? JsonText.ReadMap(Value(name), PointerOf(name), _faults, limits) : JsonText.EmptyMap;

    public ImmutableSortedDictionary<string, string> RequiredMap(string name, MapLimits limits) =>
        Require(name) ? JsonText.ReadMap(Value(name), PointerOf(name), _faults, limits) : JsonText.EmptyMap;

    /// <summary>The value of a member; of the kind <see cref="JsonValueKind.Undefined"/> when absent.</summary>
    public JsonElement Value(string name)
    {
        var index = _names.IndexOf(name, StringComparer.Ordinal);
        return index >= 0 ? _values[index] : throw new ArgumentException($"'{name}' is not among the names of this object.", nameof(name));
    }

    private void Take(JsonElement element)
    {
        foreach (var member in element.EnumerateObject())
        {
            var index = IndexOf(member);
            if (index < 0) _faults.Add(ProblemCatalogue.UnknownField, "The field is unknown.", NullIfRoot(JsonText.PointerOf(member, _pointer)));
            else if (_values[index].ValueKind != JsonValueKind.Undefined) _faults.Add(ProblemCatalogue.DuplicateField, "The field is given twice.", PointerOf(_names[index]));
            else _values[index] = member.Value;
        }
    }

    private int IndexOf(JsonProperty member)
    {
        try
        {
            for (var i = 0; i < _names.Length; i++)
            {
                if (member.NameEquals(_names[i])) return i;
            }
        }
        catch (InvalidOperationException)
        {
            // The name has half of a surrogate pair, and no known one has.
        }

        return -1;
    }

    /// <summary>Reports a member that is absent or null.</summary>
    public bool Require(string name)
    {
        var kind = Value(name).ValueKind;
        if (kind == JsonValueKind.Undefined) return Fail(ProblemCatalogue.MissingField, name, "The field is required.", false);
        if (kind == JsonValueKind.Null) return Fail(ProblemCatalogue.InvalidType, name, "The field is required and must not be null.", false);
        return true;
    }

    private string Text(string name, int min, int max) => JsonText.Read(Value(name), PointerOf(name), _faults, min, max);

    private long Integer(string name, long min, long max)
    {
        var value = Value(name);
        if (value.ValueKind != JsonValueKind.Number || !IsInteger(value))
        {
            return Fail(ProblemCatalogue.InvalidType, name, "The value must be an integer: a JSON number without fraction or exponent.", min);
        }

        if (value.TryGetInt64(out var number) && number >= min && number <= max) return number;
        return Fail(ProblemCatalogue.InvalidValue, name, $"The value must be from {min} to {max}.", min);
    }

    private static bool IsInteger(JsonElement number) => !System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(number).ContainsAny(".eE"u8);

    private T Fail<T>(ProblemKind kind, string name, string detail, T value)
    {
        _faults.Add(kind, detail, PointerOf(name));
        return value;
    }

    private static string? NullIfRoot(string pointer) => pointer.Length == 0 ? null : pointer;
}
