using System.Net;

namespace OrleansPayments.Testing.Support;

/// <summary>A payer's browser: goes where it is sent, and answers the bank's page.</summary>
public static class Payer
{
    private static readonly HttpClient Browser = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    /// <summary>Opens the bank's page and answers it.</summary>
    /// <param name="outcome"><c>complete</c>, <c>fail</c> or <c>cancel</c>.</param>
    /// <returns>Where the bank sends the browser.</returns>
    public static async Task<Uri> AnswerAsync(Uri page, string outcome)
    {
        using (var shown = await Browser.GetAsync(page)) shown.EnsureSuccessStatusCode();
        using var answer = new FormUrlEncodedContent([KeyValuePair.Create("outcome", outcome)]);
        using var response = await Browser.PostAsync(page, answer);
        return response.StatusCode == HttpStatusCode.SeeOther && response.Headers.Location is { } back
            ? back
            : throw new InvalidOperationException($"The bank answered {(int)response.StatusCode} and leads nowhere.");
    }

    /// <summary>Opens a page that leads on.</summary>
    /// <returns>The status, and where it leads.</returns>
    public static async Task<(HttpStatusCode Status, Uri? Location)> OpenAsync(Uri page)
    {
        using var response = await Browser.GetAsync(page);
        return (response.StatusCode, response.Headers.Location);
    }
}
