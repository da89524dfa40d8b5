using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OrleansPayments.Client;

/// <summary>The API refused a call.</summary>
public sealed class PaymentsApiException : Exception
{
    public PaymentsApiException()
        : this("The API refused the call.")
    {
    }

    public PaymentsApiException(string message)
        : this(message, null)
    {
    }

    public PaymentsApiException(string message, Exception? innerException)
        : base(message, innerException)
    {
        Code = "unknown";
    }

    public PaymentsApiException(HttpStatusCode status, string code, string message)
        : base(message)
    {
        Status = status;
        Code = code;
    }

    public HttpStatusCode Status { get; }

    /// <summary>The stable code of the error catalogue, snake_case.</summary>
    public string Code { get; }

    internal static PaymentsApiException From(HttpStatusCode status, string body)
    {
        var problem = TryParse(body);
        var code = (string?)problem?["code"] ?? "unknown";
        var detail = (string?)problem?["detail"] ?? (string?)problem?["title"] ?? "No details.";
        return new PaymentsApiException(status, code, $"{(int)status} {code}: {detail}");
    }

    private static JsonObject? TryParse(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
