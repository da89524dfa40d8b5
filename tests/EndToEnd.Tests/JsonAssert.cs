using System.Text.Json.Nodes;

namespace OrleansPayments.EndToEnd.Tests;

/// <summary>Compares JSON as a caller reads it: the order of members says nothing.</summary>
internal static class JsonAssert
{
    public static void Same(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Expected: {expected?.ToJsonString() ?? "null"}\nActual:   {actual?.ToJsonString() ?? "null"}");

    /// <summary>A problem of RFC 9457 with this status and code, as the API promises it.</summary>
    public static void Problem(Testing.Support.ApiAnswer answer, System.Net.HttpStatusCode status, string code, string? param = null)
    {
        Assert.True(answer.Status == status, $"Expected {(int)status} {code}, got {(int)answer.Status}: {answer.Text}");
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal(code, (string)answer["code"]!);
        Assert.Equal((int)status, (int)answer["status"]!);
        Assert.Equal(param, (string?)answer["param"]);
        Assert.StartsWith("https://", (string)answer["type"]!, StringComparison.Ordinal);
        Assert.NotEmpty((string)answer["title"]!);
        Assert.NotEmpty((string)answer["detail"]!);
        Assert.NotEmpty((string)answer["request_id"]!);
    }
}
