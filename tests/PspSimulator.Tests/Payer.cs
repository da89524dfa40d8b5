namespace OrleansPayments.PspSimulator.Tests;

/// <summary>A payer's browser in front of the page that an intent's next action leads to; it does not go on to the shop.</summary>
public sealed class Payer : IDisposable
{
    private readonly HttpClient _browser = new(new HttpClientHandler { AllowAutoRedirect = false });
    private readonly Uri _page;

    public Payer(Reply intent) =>
        _page = new Uri(intent.Json.GetProperty("next_action").GetProperty("redirect_to_url").GetProperty("url").GetString()!);

    public Task<string> LookAsync() => _browser.GetStringAsync(_page);

    public async Task<HttpResponseMessage> AnswerAsync(string outcome)
    {
        using var form = new FormUrlEncodedContent([new("outcome", outcome)]);
        return await _browser.PostAsync(_page, form);
    }

    public void Dispose() => _browser.Dispose();
}
