using System.Text.Json;

namespace OrleansPayments.Silo.Api.Json;

/// <summary>Finds out where malformed JSON breaks; runs only after parsing has failed.</summary>
internal static class JsonFaultLocator
{
    /// <returns>The pointer to the innermost value that was being read; empty when that is the whole body.</returns>
    public static string Locate(ReadOnlySpan<byte> body, JsonReaderOptions options)
    {
        var reader = new Utf8JsonReader(body, options);
        var path = new Stack<Container>();
        try
        {
            while (reader.Read()) Step(ref reader, path);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The path at this moment is the answer.
        }

        return path.Aggregate("", (inner, container) => container.Child + inner);
    }

    private static void Step(ref Utf8JsonReader reader, Stack<Container> path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                path.Peek().Child = JsonPointer.Member("", reader.GetString()!);
                break;
            case JsonTokenType.StartObject:
                EnterValue(path);
                path.Push(new Container(isArray: false));
                break;
            case JsonTokenType.StartArray:
                EnterValue(path);
                path.Push(new Container(isArray: true));
                break;
            case JsonTokenType.EndObject or JsonTokenType.EndArray:
                path.Pop();
                LeaveValue(path);
                break;
            default:
                EnterValue(path);
                LeaveValue(path);
                break;
        }
    }

    private static void EnterValue(Stack<Container> path)
    {
        if (path.TryPeek(out var container) && container.IsArray) container.Child = JsonPointer.Element("", container.Count++);
    }

    // Behind a complete value the fault belongs to what holds it.
    private static void LeaveValue(Stack<Container> path)
    {
        if (path.TryPeek(out var container)) container.Child = "";
    }

    private sealed class Container(bool isArray)
    {
        public bool IsArray { get; } = isArray;

        public int Count { get; set; }

        public string Child { get; set; } = "";
    }
}
